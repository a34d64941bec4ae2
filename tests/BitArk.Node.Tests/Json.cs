using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BitArk.Node.Tests;

/// <summary>Talks JSON over HTTP the way a script would: texts in, texts out.</summary>
internal static partial class Json
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient http, string path, string json) =>
        http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>The body of a 200, with its tokens replaced by <c>…</c> as the contract's examples write them.</summary>
    public static async Task<string> PostForTextAsync(this HttpClient http, string path, string json) =>
        await TextOfAsync(await http.PostJsonAsync(path, json));

    public static async Task<string> GetForTextAsync(this HttpClient http, string path) => await TextOfAsync(await http.GetAsync(path));

    /// <summary>The token of a JSON reply.</summary>
    public static string TokenOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("token").GetString()!;

    /// <summary>An error reply, checked to have the shape of the contract.</summary>
    public static async Task<HttpError> ErrorOfAsync(this Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var root = JsonDocument.Parse(body).RootElement;
        Assert.Equal(["code", "message", "details"], root.EnumerateObject().Select(p => p.Name));
        var info = Assert.Single(root.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", info.GetProperty("@type").GetString());
        Assert.Equal("bitark", info.GetProperty("domain").GetString());
        return new HttpError(
            answer.StatusCode,
            root.GetProperty("code").GetInt32(),
            root.GetProperty("message").GetString()!,
            info.GetProperty("reason").GetString()!,
            info.GetProperty("metadata").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!),
            answer.Headers.RetryAfter?.Delta);
    }

    public static string WithoutToken(string json) => Token().Replace(json, "\"token\":\"…\"");

    private static async Task<string> TextOfAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {body}");
            return body;
        }
    }

    [GeneratedRegex("\"token\":\\s*\"[A-Za-z0-9_-]+\"")]
    private static partial Regex Token();
}

/// <summary>One error reply over HTTP.</summary>
internal sealed record HttpError(
    HttpStatusCode Status, int Code, string Message, string Reason, IReadOnlyDictionary<string, string> Metadata, TimeSpan? RetryAfter);
