"use client";
import { Checkbox } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Scorecard } from "../../server/readiness/schema/index.ts";
import { badgeAudience, BadgeSnippets } from "../data/badge-snippets.tsx";
import { Card } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";

/** The score as a badge, with who may see it. */
export function ScoreBadge({ card, origin }: { card: Scorecard; origin: string }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { mutate, isPending } = useMutation(trpc.readiness.shareBadge.mutationOptions());
  return (
    <Card title="Badge" aside={<span>{badgeAudience(card.isBadgePublic)}</span>}>
      <BadgeSnippets about={`readiness of ${card.name}`} origin={origin} picture={`/badge/readiness/${card.slug}.svg`} endpoint={`/api/v1/services/${card.slug}/readiness/badge`} page={`/readiness/${card.slug}`} isPublic={card.isBadgePublic}>
        {mayEdit ? (
          <Checkbox
            label="Show the badge to everybody"
            description="Without a key, anybody may read the score of this service."
            checked={card.isBadgePublic}
            disabled={isPending}
            onChange={(event) => mutate({ id: card.serviceId, isPublic: event.currentTarget.checked })}
          />
        ) : null}
      </BadgeSnippets>
    </Card>
  );
}
