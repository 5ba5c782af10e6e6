/** What can be read of services. */
export { findCheck, findService, getCheck, getService, listTransitions } from "./detail.ts";
export { listFacets, listServices, readServicesSummary } from "./list.ts";
export { listResults, readLatency } from "./series.ts";
