/** Stands alone, so that the overview can say it without loading the schemas. */

/** Highest score while a blocking rule does not hold. */
export const CAP = 79;
