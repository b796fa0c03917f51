// A picture that is about to be sent: its size and a local address for it, known before it is shown, so that nothing jumps.

/** Nothing when it only calls itself a picture. */
export async function measured(file: File): Promise<{ url: string; width: number; height: number } | undefined> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(url);
    return undefined; // not a picture after all
  }
}
