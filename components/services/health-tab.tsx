"use client";
import type { ServiceDetail } from "../../server/services/schema.ts";
import { CardGrid, GridCell } from "../shell/page.tsx";
import { ChecksCard } from "./checks-card.tsx";
import { ComponentsCard } from "./components-card.tsx";
import { LatencyCard } from "./latency-card.tsx";
import { ChangesCard } from "./changes-card.tsx";
import { UptimeCard } from "./uptime-card.tsx";

/** How a service is: latency and uptime, its checks and parts, and what changed last. */
export function HealthTab({ service }: { service: ServiceDetail }) {
  return (
    <CardGrid>
      <GridCell span={8}>
        <LatencyCard service={service} />
      </GridCell>
      <GridCell span={4}>
        <UptimeCard service={service} />
      </GridCell>
      <GridCell span={8}>
        <ChecksCard service={service} />
      </GridCell>
      <GridCell span={4}>{service.components.length > 0 ? <ComponentsCard service={service} /> : <ChangesCard service={service} />}</GridCell>
      {service.components.length > 0 ? (
        <GridCell span={12}>
          <ChangesCard service={service} />
        </GridCell>
      ) : null}
    </CardGrid>
  );
}
