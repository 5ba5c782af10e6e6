import { IconEye, IconEyeOff } from "@tabler/icons-react";

const SIZE = 16;

/** The icon inside a password field: what pressing it does. */
export function PasswordEye({ reveal }: { reveal: boolean }) {
  const Icon = reveal ? IconEyeOff : IconEye;
  return <Icon size={SIZE} stroke={1.75} color="var(--sw-t2)" aria-hidden />;
}
