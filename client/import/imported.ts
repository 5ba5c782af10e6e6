/**
 * What an importer makes of another tool's file: services for a manifest, the secrets they refer to, and what could not
 * be taken over, each with its reason. Importers are pure: text in, this out. They throw ImportError for what is no such file.
 */
import { slugFrom } from "./slug.ts";
import type { Fields } from "../manifest/document.ts";

export type Imported = {
  services: Fields[];
  /** Values for the references `${NAME}` in the services; never written to a file. */
  secrets: Record<string, string>;
  /** "name: why it was left out, or what is different now" */
  notes: string[];
};

/** The file is not what it was said to be. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

/** A reason why one thing cannot be taken over. */
export type Skipped = { skipped: string };

/** Longest names the console takes. */
const NAME_MAX = 80;
/** Bounds of the console for intervals and time-outs. */
const INTERVAL = { least: 5, most: 86_400 };
const TIMEOUT_MS = { least: 100, most: 60_000 };

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(value)));

export const intervalOf = (seconds: number): number => clamp(seconds, INTERVAL.least, INTERVAL.most);
export const timeoutOf = (ms: number): number => clamp(ms, TIMEOUT_MS.least, TIMEOUT_MS.most);

/** Collects what an importer finds; gives every service a slug of its own and every secret a name. */
export class Collector {
  readonly services: Fields[] = [];
  readonly secrets: Record<string, string> = {};
  readonly notes: string[] = [];
  readonly #slugs = new Set<string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  note(name: string, text: string): void {
    this.notes.push(`${name}: ${text}`);
  }

  /** Keeps a secret and returns how the manifest refers to it. */
  secret(value: string): string {
    const name = `${this.#prefix}_${Object.keys(this.secrets).length + 1}`;
    this.secrets[name] = value;
    return `\${${name}}`;
  }

  /** Adds a service with one check. */
  add(service: { name: string; description?: string; domain?: string; tags?: string[]; check: Fields }): void {
    const name = service.name.trim().slice(0, NAME_MAX) || "Service";
    const slug = slugFrom(name, this.#slugs);
    this.#slugs.add(slug);
    const { check } = service;
    this.services.push({
      slug,
      name,
      ...(service.description ? { description: service.description } : {}),
      ...(service.domain ? { domain: service.domain.slice(0, NAME_MAX) } : {}),
      ...(service.tags?.length ? { tags: service.tags } : {}),
      checks: [{ name: "Health", ...check }],
    });
  }

  get result(): Imported {
    return { services: this.services, secrets: this.secrets, notes: this.notes };
  }
}
