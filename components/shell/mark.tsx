/** The mark: a hull with a rising bow over a waterline, in the accent. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 16 16" width={size} height={size} fill="none" aria-hidden style={{ color: "var(--sw-ac)", flex: "none" }}>
      <path d="M.9 4.4C5.2 5.4 10.6 4.9 15.3 2.2 14.8 6.4 12.9 9.9 10 9.9H5.1C2.9 9.9 1.4 7.6.9 4.4Z" fill="currentColor" />
      <path
        d="M1 12.9C2.2 12.9 2.4 11.9 3.6 11.9 5 11.9 5 13.6 6.5 13.6 8 13.6 8 11.9 9.5 11.9 11 11.9 11 13.6 12.5 13.6 13.6 13.6 13.9 12.9 15 12.9"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
