/** Mantine's colours that the app does not use: ten shades each, in light and dark. What uses one takes it off this list. */
const unused = "pink|grape|violet|indigo|cyan|teal|green|lime|orange";

/** Leaves their variables out of Mantine's sheet, which belongs to the first load. */
export function usedColours() {
  return {
    name: "hallpass:used-colours",
    enforce: "pre",
    transform(code, id) {
      if (!/default-css-variables\.css$/.test(id)) return null;
      return { code: code.replaceAll(new RegExp(`--mantine-color-(${unused})-[\\w-]+:[^;}]*;?`, "g"), ""), map: null };
    },
  };
}
