/**
 * Squarified treemap (Bruls, Huizing, van Wijk 2000): rows of rectangles that stay as near to squares as they can. Areas
 * are shares of the whole; places are percent of its sides, so that the picture stretches with the page.
 */
export type Box<Item> = { item: Item; left: number; top: number; width: number; height: number };

type Sized<Item> = { item: Item; area: number };
type Rect = { x: number; y: number; w: number; h: number };

const sum = (row: readonly Sized<unknown>[]) => row.reduce((total, { area }) => total + area, 0);

/** The worst ratio of sides in a row laid along `side`. */
function worst(row: readonly Sized<unknown>[], side: number): number {
  const total = sum(row);
  const areas = row.map(({ area }) => area);
  const [most, least] = [Math.max(...areas), Math.min(...areas)];
  return Math.max((side * side * most) / (total * total), (total * total) / (side * side * least));
}

function place<Item>(row: readonly Sized<Item>[], rect: Rect): { boxes: Box<Item>[]; rest: Rect } {
  const total = sum(row);
  const isTall = rect.w >= rect.h;
  const thickness = total / (isTall ? rect.h : rect.w);
  let at = isTall ? rect.y : rect.x;
  const boxes = row.map(({ item, area }): Box<Item> => {
    const length = area / thickness;
    const box = isTall ? { item, left: rect.x, top: at, width: thickness, height: length } : { item, left: at, top: rect.y, width: length, height: thickness };
    at += length;
    return box;
  });
  const rest = isTall ? { ...rect, x: rect.x + thickness, w: rect.w - thickness } : { ...rect, y: rect.y + thickness, h: rect.h - thickness };
  return { boxes, rest };
}

/** Lays items out on a page `ratio` times as wide as high. Items without size are left out. */
export function treemap<Item>(items: readonly Item[], sizeOf: (item: Item) => number, ratio: number): Box<Item>[] {
  const sized = items.map((item) => ({ item, area: Math.max(0, sizeOf(item)) })).filter(({ area }) => area > 0).toSorted((a, b) => b.area - a.area);
  const all = sum(sized);
  const scale = (100 * ratio * 100) / all;
  const open = sized.map(({ item, area }) => ({ item, area: area * scale }));
  const boxes: Box<Item>[] = [];
  let rect: Rect = { x: 0, y: 0, w: 100 * ratio, h: 100 };
  let row: Sized<Item>[] = [];
  const flush = () => {
    const placed = place(row, rect);
    boxes.push(...placed.boxes);
    rect = placed.rest;
    row = [];
  };
  for (const one of open) {
    const side = Math.min(rect.w, rect.h);
    if (row.length > 0 && worst([...row, one], side) > worst(row, side)) flush();
    row.push(one);
  }
  if (row.length > 0) flush();
  return boxes.map((box) => ({ ...box, left: box.left / ratio, width: box.width / ratio }));
}
