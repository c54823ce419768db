/** The types that the parser of Prometheus's text format lacks. */
declare module 'parse-prometheus-text-format' {
  /** Throws for text that is none of the format. */
  export default function parse(text: string): unknown;
}
