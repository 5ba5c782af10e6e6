import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { laterCard } from "./later-card.tsx";

test("the server sends the card's title and a placeholder of its size, and fetches nothing", () => {
  const load = vi.fn<Parameters<typeof laterCard>[0]["load"]>();
  const html = renderToString(createElement(laterCard({ title: "Backups", height: 150, load })));
  expect(html).toContain("Backups");
  expect(html).toContain("height:150px");
  expect(html).toContain("data-skeleton");
  expect(load).not.toHaveBeenCalled();
});
