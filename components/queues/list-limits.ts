/** Rows of the first page of each list, asked for by the server and the browser alike. */
export const JOBS_LIMIT = 50;
export const OPERATIONS_LIMIT = 50;
