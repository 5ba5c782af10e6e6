"use client";
import { IconExternalLink } from "@tabler/icons-react";
import type { ServiceDetail } from "../../server/services/schema.ts";
import styles from "./detail.module.css";

/** What a service is, whose it is, and where to go when it fails: runbook, dashboards, repository. */
export function ServiceLinks({ service }: { service: ServiceDetail }) {
  const repository = service.repositoryUrl ? [{ label: "Repository", url: service.repositoryUrl }] : [];
  const links = [...service.links, ...repository];
  if (links.length === 0 && service.owner === "" && service.description === "") return null;
  return (
    <div className={styles.about}>
      {service.description === "" ? null : <p>{service.description}</p>}
      {service.owner === "" ? null : <span>Owner: {service.owner}</span>}
      {links.map(({ label, url }) => (
        <a key={url} href={url} target="_blank" rel="noreferrer noopener">
          {label} <IconExternalLink size={12} aria-hidden />
        </a>
      ))}
    </div>
  );
}
