import { Link } from "../data/link.tsx";
import { Page } from "./page.tsx";

/** The address leads nowhere. */
export function NotFoundPage() {
  return (
    <Page title="Not found" sentence={{ tone: "unknown", lead: "Nothing is at this address.", rest: "It may have been archived, renamed or never been there." }}>
      <p>
        <Link href="/">Go to the overview</Link>, or press <kbd className="sw-kbd">Ctrl K</kbd> and search.
      </p>
    </Page>
  );
}
