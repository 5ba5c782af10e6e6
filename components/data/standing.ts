import type { State } from "./status.tsx";

/** How something stands, in words: the answer first, then the reason. */
export interface Standing {
  tone: State;
  lead: string;
  rest: string;
  /** See Sentence: true where nobody knows how a part stands. */
  growsOld?: boolean;
}
