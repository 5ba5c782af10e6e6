/** The search parameters of a page on the server, in the shape that the browser has them. */
export type SearchProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function readSearch(searchParams: SearchProps["searchParams"]): Promise<URLSearchParams> {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) out.set(name, first);
  }
  return out;
}
