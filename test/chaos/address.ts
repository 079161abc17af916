/** The address of the run's ledger (`ledger.ts`). The run writes it. */
export const address = 'http://127.0.0.1:1';
