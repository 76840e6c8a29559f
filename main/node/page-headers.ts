// The headers of every answer to the window, refusals included: an isolated page that loads nothing from anywhere else.
// One policy for both hosts that show a page.

/**
 * The page may load its own files, start its own workers, compile WASM, and talk to its host; nothing else.
 * @param lines what else it may connect to: the loopback host's WebSockets.
 */
export function contentSecurityPolicy(lines: readonly string[]): string {
  return Object.entries({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'worker-src': "'self'",
    'connect-src': ["'self'", ...lines].join(' '),
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
  })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** @param lines as above. */
export const securityHeaders = (lines: readonly string[]): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy(lines),
  // Together these give the page SharedArrayBuffer, and keep every other page out of its process.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
});
