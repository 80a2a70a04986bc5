/**
 * A CloudFront Function (cloudfront-js-2.0) for the site's behaviour: a path that names no file is a place inside the
 * single-page application, so its page is index.html. Files keep their 404, and so does the API, whose behaviour it is not on
 * (cloudfront-spa-fallback-keeps-api-errors). A path names a file when there is a dot in its last segment.
 */
export const SPA_ROUTER = `function handler(event) {
  var request = event.request;
  var lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (!lastSegment.includes('.')) request.uri = '/index.html';
  return request;
}
`;
