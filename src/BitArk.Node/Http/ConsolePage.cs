namespace BitArk.Node.Http;

/// <summary>The status page at <c>/</c>: one file, embedded, that asks the same routes everybody may ask.</summary>
internal static class ConsolePage
{
    private const string ResourceName = "console.html";

    private static readonly byte[] Page = Load();

    /// <summary>Answers one request.</summary>
    public static async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = Page.Length;
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:";
        await http.Response.Body.WriteAsync(Page, http.RequestAborted);
    }

    private static byte[] Load()
    {
        using var resource = typeof(ConsolePage).Assembly.GetManifestResourceStream(ResourceName)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
