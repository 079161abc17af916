/**
 * Notes each click on a page until the client has taken it over and repeats it, because a button can be seen long before a slow
 * network has brought the script that hears it. What the browser does by itself, such as to follow a link, it has done.
 */
export const earlyClicks =
  'edgewiseClicks=[];addEventListener("click",e=>{let t=e.target;t.closest?.("#edgewise")&&!t.closest("a[href],audio,input,label,select,summary,textarea,video,button[popovertarget]")&&edgewiseClicks?.push(e)},!0)';

/** The source that lets a policy run {@link earlyClicks}, and no other script of a document. */
export const earlyClicksSource = "'sha256-feAr6lMJGgItuoktXq32gVMhjznmDYTP6fzoCqHvl4E='";
