import { Fragment } from "react";
import styles from "./coverage.module.css";

/** The way back up from a folder. */
export function FolderCrumbs({ folder, onFolder }: { folder: string; onFolder: (folder: string) => void }) {
  const parts = folder === "" ? [] : folder.split("/");
  return (
    <nav className={styles.crumbs} aria-label="Folder">
      <button type="button" className={styles.crumb} onClick={() => onFolder("")}>
        all
      </button>
      {parts.map((part, index) => {
        const path = parts.slice(0, index + 1).join("/");
        return (
          <Fragment key={path}>
            <span aria-hidden>/</span>
            {index === parts.length - 1 ? (
              <span aria-current="location">{part}</span>
            ) : (
              <button type="button" className={styles.crumb} onClick={() => onFolder(path)}>
                {part}
              </button>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}
