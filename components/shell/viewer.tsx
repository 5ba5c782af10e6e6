"use client";
/** Who looks at this page, for display only: the server refuses regardless of what is shown. */
import { createContext, useContext, type ReactNode } from "react";

export type Viewer = { id: string; name: string; email: string; role: "viewer" | "editor" | "admin" };

const RANK = { viewer: 1, editor: 2, admin: 3 } as const;

const ViewerContext = createContext<Viewer | null>(null);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

/** Below it nobody looks, so nothing offers a change: for made-up data. */
export function NobodyProvider({ children }: { children: ReactNode }) {
  return <ViewerContext value={null}>{children}</ViewerContext>;
}

/** The signed-in person; null outside the console. */
export function useViewer(): Viewer | null {
  return useContext(ViewerContext);
}

/** True when the viewer holds the role, so that nobody sees a button that would be refused. */
export function useMay(role: Viewer["role"]): boolean {
  const viewer = useContext(ViewerContext);
  return viewer !== null && RANK[viewer.role] >= RANK[role];
}
