/** The addresses of files, as answers have them. */

/** `baseUrl`: where clients reach this server, without a slash at the end. */
export function fileUrl(baseUrl: string, id: string): string {
  return `${baseUrl}/files/${id}`;
}
