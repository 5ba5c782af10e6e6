"use client";
import { Drawer } from "@mantine/core";
import { Navigation, type Instance } from "./navigation.tsx";
import styles from "./shell.module.css";

/** The navigation on a phone; loaded when it is first opened. */
export default function NavigationDrawer({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  return (
    <Drawer opened onClose={onClose} size={264} padding={0} withCloseButton={false} attributes={{ content: { "aria-label": "Navigation" } }} classNames={{ body: styles.drawer }}>
      <Navigation instance={instance} onNavigate={onClose} />
    </Drawer>
  );
}
