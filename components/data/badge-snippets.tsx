import type { ReactNode } from "react";
import { CodeTabs } from "./code.tsx";
import styles from "./badge-snippets.module.css";

interface BadgeSnippetsProps {
  /** What the picture tells: "coverage of Payments API". */
  about: string;
  /** The address of this console, and the paths below it: of the picture, of its endpoint for shields.io, of the page it leads to. */
  origin: string;
  picture: string;
  endpoint: string;
  page: string;
  isPublic: boolean;
  /** How to show it to everybody, for those who may. */
  children?: ReactNode;
}

/** In one word or two, who sees a badge. */
export const badgeAudience = (isPublic: boolean): string => (isPublic ? "seen by everybody" : "seen when signed in");

/** A badge as it looks, who sees it, and what to paste into a readme. */
export function BadgeSnippets({ about, origin, picture, endpoint, page, isPublic, children }: BadgeSnippetsProps) {
  const [image, target] = [`${origin}${picture}`, `${origin}${page}`];
  const shields = `https://img.shields.io/endpoint?url=${encodeURIComponent(`${origin}${endpoint}`)}`;
  return (
    <div className={styles.badge}>
      {/* The framework's image component would draw it anew; it is the real answer that is shown here. */}
      <img src={picture} alt={`Badge: ${about}`} height={20} />
      {children}
      <CodeTabs
        label="Badge for a readme"
        tabs={[
          { name: "Markdown", code: `[![${about}](${image})](${target})` },
          { name: "HTML", code: `<a href="${target}"><img alt="${about}" src="${image}"></a>` },
          { name: "shields.io", code: `![${about}](${shields})` },
        ]}
      />
      {isPublic ? null : <p className={styles.hint}>A readme shows it once everybody may see it.</p>}
    </div>
  );
}
