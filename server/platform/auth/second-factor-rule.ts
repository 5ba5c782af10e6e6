/** Who must have a second factor: one row of the table `setting`, read with every session. */

export const NEEDED_BY = ["nobody", "admins", "everybody"] as const;
export type NeededBy = (typeof NEEDED_BY)[number];

/** The row; its value is one of NEEDED_BY, and nobody needs one while there is no row. */
export const SECOND_FACTOR_KEY = "access.secondFactor";

/** What someone is told who owes one. */
export const OWES_SECOND_FACTOR = "This console asks you for a second factor. Set it up first; nothing else answers until then.";
