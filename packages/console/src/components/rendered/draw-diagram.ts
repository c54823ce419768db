/** Draws diagrams. A part of the console of its own, which comes with the first diagram. */
import mermaid from 'mermaid';

/** One after the other: Mermaid has one configuration for all. */
let before: Promise<unknown> = Promise.resolve();

/** Answers with SVG. Rejects for what is no diagram. */
export function drawDiagram(id: string, text: string, scheme: 'light' | 'dark'): Promise<string> {
  const drawing = before.then(async () => {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      suppressErrorRendering: true,
      // What a diagram may not say of itself.
      secure: [
        'secure',
        'securityLevel',
        'startOnLoad',
        'maxTextSize',
        'maxEdges',
        'themeCSS',
        'fontFamily',
        'htmlLabels',
      ],
      theme: scheme === 'dark' ? 'dark' : 'neutral',
      // A picture has none of the page's fonts, and no HTML in it.
      fontFamily: 'sans-serif',
      htmlLabels: false,
      flowchart: { htmlLabels: false, useMaxWidth: false },
      sequence: { useMaxWidth: false },
    });
    const { svg } = await mermaid.render(id, text);
    return asDocument(svg);
  });
  before = drawing.catch(() => undefined);
  return drawing;
}

/** What is well-formed HTML need not be well-formed XML, which a picture has to be; and it has a size of its own. */
function asDocument(svg: string): string {
  const root = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  if (root === null) throw new Error('Mermaid drew nothing');
  const [, , width, height] = root.getAttribute('viewBox')?.split(/[\s,]+/) ?? [];
  if (width !== undefined && height !== undefined) {
    root.setAttribute('width', width);
    root.setAttribute('height', height);
  }
  return new XMLSerializer().serializeToString(root);
}
