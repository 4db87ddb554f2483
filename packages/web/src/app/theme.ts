import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The brand colour: a deep green, dark enough for white text at shade 8 (5.9:1). */
const pine: MantineColorsTuple = [
  "#eff8f4",
  "#dcede6",
  "#b7d9cb",
  "#8fc5af",
  "#6db497",
  "#539f82",
  "#3f8f72",
  "#2f7c61",
  "#1f6650",
  "#154a3a",
];

const font =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';

export const theme = createTheme({
  colors: { pine },
  primaryColor: "pine",
  primaryShade: 8,
  fontFamily: font,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: font, fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    // The initial focus placeholder is not a valid child of role="menu".
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Input: {
      // Only the border makes a field visible, so it needs a contrast of at least 3:1.
      vars: (_: unknown, props: { error?: unknown }) => ({
        wrapper: props.error ? {} : { "--input-bd": "var(--hp-input-line)", "--input-bd-focus": "var(--hp-focus)" },
      }),
    },
    // Without a name, screen readers announce only "button".
    CloseButton: { defaultProps: { "aria-label": "Close" } },
    Modal: {
      styles: { title: { fontSize: 18, fontWeight: 650 } },
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        overlayProps: { backgroundOpacity: 0.5 },
        // Its <header> would be a second banner landmark.
        attributes: { header: { role: "presentation" } },
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" } } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Mantine's greys and reds are too faint for WCAG AA on its own backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#5a646d",
    "--mantine-color-placeholder": "#646e77",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": "#1f6650",
    "--mantine-color-yellow-light-color": "#7a4a05",
    "--mantine-color-red-light-color": "#9f1c12",
    "--hp-page": "#f4f6f5",
    "--hp-surface": "#ffffff",
    "--hp-line": "#dfe4e1",
    "--hp-hover": "#f3f7f5",
    "--hp-selected": "#f1f7f4",
    "--hp-input-line": "#87918c",
    "--hp-focus": "#1f6650",
  },
  dark: {
    "--mantine-color-dimmed": "#a9b1ad",
    "--mantine-color-placeholder": "#a0a8a4",
    "--mantine-color-error": "#ff9d94",
    "--mantine-color-anchor": "#8fc5af",
    "--mantine-color-body": "#191c1b",
    "--mantine-color-default": "#202423",
    "--mantine-color-default-hover": "#2a2f2d",
    "--hp-page": "#121514",
    "--hp-surface": "#191c1b",
    "--hp-line": "#333a37",
    "--hp-hover": "#212625",
    "--hp-selected": "#1b2622",
    "--hp-input-line": "#76807b",
    "--hp-focus": "#6db497",
  },
});
