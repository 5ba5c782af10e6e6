/** `seaworthy score`: how ready a service is, and what is missing most. */
import { EXIT, type Command } from "../command.ts";

const MOST_MISSING = 10;

export const score: Command = {
  name: "score",
  about: "show a service's readiness score and what is missing most",
  words: "<service>",
  arity: [1, 1],
  options: [],
  run: async (world, [service = ""]) => {
    const card = await world.client().readiness.get.query({ id: service });
    const missing = card.lines.filter(({ points, earned }) => earned < points).toSorted((a, b) => b.points - b.earned - (a.points - a.earned));
    return {
      exitCode: EXIT.ok,
      output: card,
      lines: [
        `${card.name}: ${card.score} of 100, ${card.level === "none" ? "no level" : card.level}; goal ${card.goal}`,
        ...missing.slice(0, MOST_MISSING).map(({ outcome, title, value, points, earned, isBlocking }) => `  ${outcome.padEnd(8)} ${(points - earned).toFixed(1).padStart(4)} points  ${title}${value ? `: ${value}` : ""}${isBlocking ? " (blocking)" : ""}`),
        ...(missing.length > MOST_MISSING ? [`  and ${missing.length - MOST_MISSING} more`] : []),
        `${world.connection().url}/readiness/${card.slug}`,
      ],
    };
  },
};
