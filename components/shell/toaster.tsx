"use client";
import { Notifications, notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { StatusIcon, type State } from "../data/status.tsx";
import { connectToaster, type Toast } from "./toast.ts";
import "@mantine/notifications/styles.layer.css";

const ICONS: Record<Toast["tone"], State> = { ok: "ok", fail: "fail", info: "unknown" };

function display(toast: Toast, shownMs: number): void {
  const message = (
    <>
      {toast.message}
      {toast.requestId ? <code style={{ display: "block", color: "var(--sw-t3)" }}>{toast.requestId}</code> : null}
    </>
  );
  const data = { id: toast.id, title: toast.title, message, autoClose: shownMs, withBorder: true, color: "transparent", icon: <StatusIcon state={ICONS[toast.tone]} size={18} /> };
  if (toast.id) notifications.hide(toast.id);
  notifications.show(data);
}

/** The toaster itself; mounted by ToastHost when the first toast comes. */
export default function Toaster() {
  useEffect(() => connectToaster(display), []);
  return <Notifications position="bottom-right" transitionDuration={120} limit={4} />;
}
