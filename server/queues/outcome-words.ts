/** Why jobs were left as they are, where several parts say so. */

/** A job that is in quarantine. */
export const PUT_ASIDE = "It ended three workers and was put aside. Release it first.";
