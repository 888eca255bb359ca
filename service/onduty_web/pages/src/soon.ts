/** Draws once for all that changes within a moment: hundreds of changes a second are no hundreds of pictures. */

/** Calls `draw` with the browser's next picture, however often it is asked to. A page that is hidden draws nothing meanwhile. */
export function soon(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
