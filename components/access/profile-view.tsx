"use client";
import { Link } from "../data/link.tsx";
import { Facts } from "../data/side-panel.tsx";
import { Card, CardGrid, GridCell } from "../shell/page.tsx";
import { useViewer } from "../shell/viewer.tsx";
import { AccessPage } from "./access-page.tsx";
import { ROLE_CHOICES, ROLE_WORDS } from "./words.ts";

/** The signed-in person's own account. */
export function ProfileView() {
  const viewer = useViewer();
  if (!viewer) return null;
  const about = ROLE_CHOICES.find((role) => role.value === viewer.role)?.about;
  return (
    <AccessPage>
      <CardGrid>
        <GridCell span={6}>
          <Card
            title="You"
            aside={
              <Link className="sw-link" href="/access/security">
                Password and second factor
              </Link>
            }
          >
            <Facts
              rows={[
                ["Name", viewer.name],
                ["Email", viewer.email],
                ["Role", ROLE_WORDS[viewer.role]],
                ["May", about],
              ]}
            />
          </Card>
        </GridCell>
      </CardGrid>
    </AccessPage>
  );
}
