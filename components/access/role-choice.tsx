"use client";
import { Radio } from "@mantine/core";
import { ROLE_CHOICES, type RoleName } from "./words.ts";
import styles from "./access.module.css";

/** Viewer, editor or admin, each with what it means. */
export function RoleChoice({ defaultValue, onChange }: { defaultValue: RoleName; onChange: (role: RoleName) => void }) {
  return (
    <Radio.Group label="Role" defaultValue={defaultValue} onChange={(value) => onChange(value as RoleName)}>
      <div className={styles.choices}>
        {ROLE_CHOICES.map((role) => (
          <Radio key={role.value} size="xs" value={role.value} label={role.label} description={role.about} />
        ))}
      </div>
    </Radio.Group>
  );
}
