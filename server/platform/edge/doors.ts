/**
 * Routes that the custom server answers without the framework. A route file of app/ opens its door when it is loaded;
 * from then on requests go straight to its function, past the framework's routing, tracing and streams, which cost more
 * than most answers. Until then, and in development, the framework serves the same function. The doors are on
 * globalThis because the framework's bundle and the server are loaded apart.
 */

/** Answers a request; what it throws becomes "Something went wrong". */
export type Answer = (request: Request) => Promise<Response>;

/** Methods that the route file exports. HEAD is answered as GET without its body. */
type Door = { methods: readonly string[]; answer: Answer };

const holder = globalThis as { seaworthyDoors?: Map<string, Door> };

function doors(): Map<string, Door> {
  holder.seaworthyDoors ??= new Map();
  return holder.seaworthyDoors;
}

/** Opens the door of a route template such as `/api/v1/[...path]`; returns the function for the route file to export. */
export function openDoor(template: string, methods: readonly string[], answer: Answer): Answer {
  doors().set(template, { methods, answer });
  return answer;
}

/** The function that answers this method there, or null when the framework must be asked. */
export function behindDoor(template: string, method: string): Answer | null {
  const door = doors().get(template);
  return door?.methods.includes(method === "HEAD" ? "GET" : method) ? door.answer : null;
}
