"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname, useRouter } from "next/navigation";
import { PageTabs } from "../data/page-tabs.tsx";
import { useTRPC } from "../trpc/client.tsx";

const HREFS = ["/queues", "/queues/dead-letters", "/queues/operations", "/queues/workers", "/queues/connections"];

/** The pages over all queues. */
export function QueuesTabs() {
  const trpc = useTRPC();
  const router = useRouter();
  const path = usePathname();
  const { data: open } = useQuery(trpc.queues.operations.queryOptions({ isOpen: true }));
  const running = open?.items.length ?? 0;
  const tabs = [
    { value: "/queues", label: "Queues" },
    { value: "/queues/dead-letters", label: "Dead letters" },
    { value: "/queues/operations", label: "Operations", ...(running > 0 ? { count: running } : {}) },
    { value: "/queues/workers", label: "Workers" },
    { value: "/queues/connections", label: "Connections" },
  ];
  const value = HREFS.findLast((href) => path === href || path.startsWith(`${href}/`)) ?? "/queues";
  return <PageTabs label="Pages of queues" tabs={tabs} value={value} hrefOf={(href) => href} onChange={(href) => router.push(href)} />;
}
