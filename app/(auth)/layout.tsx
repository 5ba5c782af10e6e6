import type { ReactNode } from "react";

/** Pages before sign-in carry their own frame; nothing of the console is loaded for them. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return children;
}
