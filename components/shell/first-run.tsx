"use client";
import { useQuery } from "@tanstack/react-query";
import { IconCircle } from "@tabler/icons-react";
import { Link } from "../data/link.tsx";
import type { ServicesSummary } from "../../server/services/schema.ts";
import { StatusIcon } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { FIRST_KEY, FIRST_USERS } from "./first-run-inputs.ts";
import { Card } from "./page.tsx";
import { useMay } from "./viewer.tsx";
import styles from "./overview.module.css";

type Step = { title: string; about: string; href: string; isDone: boolean };

/** The first steps of a new console. It goes by itself once all of them are taken. */
export function FirstRun({ services }: { services: ServicesSummary | undefined }) {
  const isAdmin = useMay("admin");
  const steps = useSteps(services);
  if (!isAdmin || !steps || steps.every((step) => step.isDone)) return null;
  const done = steps.filter((step) => step.isDone).length;
  return (
    <Card title="First steps" aside={`${done} of ${steps.length} done`}>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.href} className={styles.step}>
            {step.isDone ? <StatusIcon state="ok" size={16} /> : <IconCircle size={16} color="var(--sw-t3)" aria-hidden />}
            <span className={styles.stepText}>
              {step.isDone ? step.title : <Link href={step.href}>{step.title}</Link>}
              <small>{step.isDone ? "Done." : step.about}</small>
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function useSteps(services: ServicesSummary | undefined): Step[] | null {
  const trpc = useTRPC();
  const isAdmin = useMay("admin");
  const users = useQuery(trpc.access.users.queryOptions(FIRST_USERS, { enabled: isAdmin, meta: { quiet: true } }));
  const keys = useQuery(trpc.access.keys.queryOptions(FIRST_KEY, { enabled: isAdmin, meta: { quiet: true } }));
  if (!services || !users.data || !keys.data) return null;
  return [
    // The console itself is the first service, so one's own starts at two.
    { title: "Add a service", about: "Give an address; the first check runs at once.", href: "/services?add=1", isDone: services.counts.all > 1 },
    { title: "Invite a colleague", about: "As viewer, editor or a second admin.", href: "/access/users?add=1", isDone: users.data.items.length > 1 },
    { title: "Create an API key", about: "For CI, scripts and the command line.", href: "/access/keys?add=1", isDone: keys.data.items.length > 0 },
  ];
}
