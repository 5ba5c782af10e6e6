/**
 * Tables larger than this many bytes get a hash of every 64th row instead of one over every row, unless a plan says
 * otherwise. Hashing a row costs the server twice what sending it does; damage to an archive is found without hashes of
 * rows, they find a restore that brings back other rows than were read.
 */
export const HASH_FULL_UP_TO_BYTES = 33_554_432;
