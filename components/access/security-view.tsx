"use client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "../data/link.tsx";
import { Card, CardGrid, GridCell, type Sentence } from "../shell/page.tsx";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { AccessPage } from "./access-page.tsx";
import { PasswordForm } from "./password-form.tsx";
import { RuleCard } from "./rule-card.tsx";
import { SecondFactorCard } from "./second-factor-card.tsx";
import styles from "./access.module.css";

/** Below this many, it is time for new ones. */
const FEW_CODES = 3;

function sentenceOf(factor: { isOn: boolean; recoveryCodesLeft: number; hasPassword: boolean } | undefined): Sentence | undefined {
  if (!factor || !factor.hasPassword) return undefined;
  if (!factor.isOn) return { tone: "warn", lead: "Your password alone opens this account.", rest: "Turn the second factor on, so that a stolen password is not enough." };
  if (factor.recoveryCodesLeft < FEW_CODES) return { tone: "warn", lead: `${factor.recoveryCodesLeft} recovery codes are left.`, rest: "Make new ones before you need them." };
  return { tone: "ok", lead: "Password and second factor protect this account." };
}

/** How the viewer's own account is protected: password, second factor, sessions. */
export function SecurityView() {
  const trpc = useTRPC();
  const viewer = useViewer();
  const isAdmin = useMay("admin");
  const { data: factor } = useQuery(trpc.access.secondFactor.queryOptions({}));
  if (!viewer) return null;
  return (
    <AccessPage sentence={sentenceOf(factor)}>
      <CardGrid>
        <GridCell span={6}>
          <Card title="Second factor">
            <SecondFactorCard factor={factor} />
          </Card>
        </GridCell>
        <GridCell span={6}>
          <Card
            title="Password"
            aside={
              <Link className="sw-link" href="/access/sessions">
                Your sessions
              </Link>
            }
          >
            {factor?.hasPassword === false ? <p className={styles.note}>This account has no password: it signs in elsewhere. An administrator can send a link to set one.</p> : <PasswordForm viewer={viewer} />}
          </Card>
        </GridCell>
        {isAdmin ? (
          <GridCell span={6}>
            <RuleCard />
          </GridCell>
        ) : null}
      </CardGrid>
    </AccessPage>
  );
}
