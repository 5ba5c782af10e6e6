/** A service as its form holds it: everything is text, nothing is missing. */
import type { ServiceDetail } from "../../server/services/schema.ts";

export interface ServiceValues {
  name: string;
  address: string;
  slug: string;
  description: string;
  domain: string;
  tier: string;
  environment: string;
  owner: string;
  repositoryUrl: string;
  links: { label: string; url: string }[];
  tags: string[];
}

/** A new service's form. */
export function emptyService(): ServiceValues {
  return { name: "", address: "", slug: "", description: "", domain: "", tier: "2", environment: "production", owner: "", repositoryUrl: "", links: [], tags: [] };
}

/** The form of an existing service. */
export function serviceValues(service: ServiceDetail): ServiceValues {
  const { name, slug, description, domain, environment, owner, links, tags } = service;
  return { name, address: "", slug, description, domain, tier: String(service.tier), environment, owner, repositoryUrl: service.repositoryUrl ?? "", links, tags };
}

/** What the server receives. A new service without a slug gets one made from its name. */
export function toServiceInput(values: ServiceValues) {
  const { name, slug, description, domain, environment, owner, tags } = values;
  const links = values.links.filter((link) => link.label.trim() !== "" || link.url.trim() !== "");
  return {
    name,
    description,
    domain,
    environment,
    owner,
    links,
    tags,
    tier: Number(values.tier),
    repositoryUrl: values.repositoryUrl.trim() || null,
    ...(slug.trim() ? { slug: slug.trim() } : {}),
  };
}

/** A name for a service known only by its address: its host without "www.". Empty when it is no address. */
export function nameOfAddress(address: string): string {
  if (!URL.canParse(address)) return "";
  const { hostname, port } = new URL(address);
  return `${hostname.replace(/^www\./u, "")}${port ? `:${port}` : ""}`;
}

/** An address as people type it: "shop.example/health" gets https, local hosts get http. */
export function completeAddress(text: string): string {
  const address = text.trim();
  if (address === "" || /^[a-z][a-z0-9+.-]*:\/\//iu.test(address)) return address;
  const isLocal = /^(?:localhost|127\.|10\.|192\.168\.|\[)/u.test(address);
  return `${isLocal ? "http" : "https"}://${address}`;
}
