/** A badge in words: what an endpoint of shields.io answers, and what our own picture is drawn from. Isomorphic. */
import * as z from "zod";

export const BADGE_COLORS = ["brightgreen", "yellowgreen", "yellow", "red", "lightgrey"] as const;
export type BadgeColor = (typeof BADGE_COLORS)[number];

export const Badge = z.object({ schemaVersion: z.literal(1), label: z.string(), message: z.string(), color: z.enum(BADGE_COLORS), isError: z.boolean().optional() });
export type Badge = z.infer<typeof Badge>;
