"use client";
/** Mantine themed once, from the tokens in tokens.css; no other file names a colour. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** Fills that Mantine computes with must be colours, not variables: these repeat the accent's steps. */
const sea: MantineColorsTuple = [
  "#e4f1f1", "#c9e3e3", "#a9d0d1", "#7fbbbd", "#4f9da2", "#2b7f84", "#0e7a80", "#0b6a72", "#095a61", "#07484e",
];

const PALETTE = ["--sw-hover", "--sw-sunken", "--sw-line", "--sw-line", "--sw-line2", "--sw-t3", "--sw-t3", "--sw-t2", "--sw-t1", "--sw-t1"];
const DARK_PALETTE = ["--sw-t1", "--sw-t2", "--sw-t3", "--sw-t3", "--sw-line", "--sw-hover", "--sw-pop", "--sw-page", "--sw-sunken", "--sw-page"];

const asVariables = (names: readonly string[]): MantineColorsTuple => names.map((name) => `var(${name})`) as unknown as MantineColorsTuple;

const MOTION_MS = 120;
const motion = { transitionProps: { duration: MOTION_MS } };

export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 6 },
  colors: { sea, gray: asVariables(PALETTE), dark: asVariables(DARK_PALETTE) },
  fontFamily: "var(--sw-font)",
  fontFamilyMonospace: "var(--sw-mono)",
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "15px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "24px", xl: "28px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "10px", xl: "16px" },
  defaultRadius: "sm",
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "20px", lineHeight: "28px", fontWeight: "650" }, h2: { fontSize: "13px", lineHeight: "20px" } } },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // A dialog lies beside the page in <body>: its <header> would be a second banner of the document.
    Modal: { defaultProps: { centered: true, size: 560, radius: "lg", ...motion, overlayProps: { className: "sw-overlay" }, closeButtonProps: { "aria-label": "Close" }, attributes: { header: { role: "presentation" } } } },
    Drawer: { defaultProps: { ...motion, overlayProps: { className: "sw-overlay" } } },
    Menu: { defaultProps: { shadow: "none", ...motion } },
    Popover: { defaultProps: { shadow: "none", ...motion } },
    Tooltip: { defaultProps: { openDelay: 200, ...motion } },
    ActionIcon: { defaultProps: { variant: "default" } },
    Table: { defaultProps: { verticalSpacing: 0 } },
  },
});

/** Points Mantine's own variables at ours, the same in both schemes: the tokens switch, not the theme. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const both = {
    "--mantine-color-body": "var(--sw-card)",
    "--mantine-color-text": "var(--sw-t1)",
    "--mantine-color-bright": "var(--sw-t1)",
    "--mantine-color-dimmed": "var(--sw-t3)",
    "--mantine-color-placeholder": "var(--sw-t3)",
    "--mantine-color-anchor": "var(--sw-ac)",
    "--mantine-color-default": "var(--sw-card)",
    "--mantine-color-default-hover": "var(--sw-hover)",
    "--mantine-color-default-color": "var(--sw-t1)",
    "--mantine-color-default-border": "var(--sw-line2)",
    "--mantine-color-disabled": "var(--sw-sunken)",
    "--mantine-color-disabled-color": "var(--sw-t3)",
    "--mantine-color-disabled-border": "var(--sw-line)",
    "--mantine-color-error": "var(--sw-fail)",
    "--mantine-primary-color-filled": "var(--sw-ac-fill)",
    "--mantine-primary-color-filled-hover": "var(--sw-ac-fill-hover)",
    "--mantine-primary-color-light": "var(--sw-ac-tint)",
    "--mantine-primary-color-light-hover": "var(--sw-ac-tint)",
    "--mantine-primary-color-light-color": "var(--sw-ac)",
    "--mantine-primary-color-contrast": "var(--sw-on-ac)",
    "--mantine-color-sea-filled": "var(--sw-ac-fill)",
    "--mantine-color-sea-filled-hover": "var(--sw-ac-fill-hover)",
    "--mantine-color-sea-light": "var(--sw-ac-tint)",
    "--mantine-color-sea-light-hover": "var(--sw-ac-tint)",
    "--mantine-color-sea-light-color": "var(--sw-ac)",
    "--mantine-color-sea-outline": "var(--sw-ac)",
    "--mantine-color-sea-text": "var(--sw-ac)",
    "--mantine-color-red-filled": "var(--sw-fail-bar)",
    "--mantine-color-red-outline": "var(--sw-fail)",
    "--mantine-color-red-text": "var(--sw-fail)",
    "--mantine-color-red-light": "var(--sw-fail-tint)",
    "--mantine-color-red-light-hover": "var(--sw-fail-tint)",
    "--mantine-color-red-light-color": "var(--sw-fail)",
  };
  return { variables: {}, light: both, dark: both };
};
