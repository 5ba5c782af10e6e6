/**
 * Rows keep the places they had while somebody points at them: the data is the
 * newest, gone rows disappear, new ones come at the end. Nothing moves under
 * the cursor.
 */
export function holdOrder<Row>(held: readonly string[] | null, rows: readonly Row[], rowId: (row: Row) => string): readonly Row[] {
  if (held === null) return rows;
  const byId = new Map(rows.map((row) => [rowId(row), row]));
  const kept: Row[] = [];
  for (const id of held) {
    const row = byId.get(id);
    if (row === undefined) continue;
    kept.push(row);
    byId.delete(id);
  }
  return [...kept, ...byId.values()];
}
