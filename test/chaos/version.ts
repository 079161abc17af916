/** The version of the application. A save and a deploy of the run write the next one. */
export const version = 1;
