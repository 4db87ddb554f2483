import { createApiTokenInput, limits } from "@hallpass/shared";

/** Returns the image as a data URL, or an error. Reads only as much of a large file as needed to reject it. */
export async function readLogo(file: File): Promise<{ icon: string } | { error: string }> {
  const url = await dataUrl(file.slice(0, limits.logoBytes + 1024, file.type));
  const { error } = createApiTokenInput.shape.icon.safeParse(url);
  return error ? { error: error.issues.at(-1)?.message ?? "" } : { icon: url };
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
