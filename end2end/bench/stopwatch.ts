// Measures in the page, from outside the product: its own look at the same camera, and at what stands on the screen.
import type { Page } from "@playwright/test";

/** Milliseconds on the page's clock. */
export interface Sighting {
  /** When the camera took the first frame with this code. */
  seen: number;
  /** When the verdict had been painted; absent when none came before the next code. */
  told?: number;
  verdict?: string;
}

/** Begins to watch: each code in the film has a white corner, by which a frame with a code is known. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const sightings: Sighting[] = [];
    Object.assign(window, { sightings });

    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true });
    await video.play();
    const corner = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    let there = false;
    const look = (now: number, frame: VideoFrameCallbackMetadata) => {
      corner?.drawImage(video, 0, 0, 8, 8, 0, 0, 1, 1);
      const white = (corner?.getImageData(0, 0, 1, 1).data[0] ?? 0) > 200;
      if (white && !there) sightings.push({ seen: frame.captureTime ?? now });
      there = white;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);

    let before = "";
    new MutationObserver(() => {
      // What is there still tells of the code before: a new verdict says something else, for no two codes in a row are one pass.
      const shown = document.querySelector("section[data-verdict]");
      const says = shown ? `${shown.getAttribute("data-verdict")} ${shown.textContent}` : "";
      const isNew = shown !== null && says !== before;
      before = says;
      const open = sightings.at(-1);
      if (!isNew || !open || open.told) return;
      open.verdict = shown?.getAttribute("data-verdict") ?? undefined;
      open.told = performance.now();
      // The frame that shows it has been drawn when the next task runs.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (open.told = performance.now());
        port2.postMessage(null);
      });
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-verdict"] });
  });
}

/** What was seen so far. */
export async function sightings(page: Page): Promise<Sighting[]> {
  return page.evaluate(() => (window as unknown as { sightings: Sighting[] }).sightings);
}

/** The value below which so many parts of a hundred lie. */
export function percentile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((part / 100) * sorted.length) - 1)];
}
