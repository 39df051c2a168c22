using System.Text;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace ServerlessReceiver;

/// <summary>What a function is called with: the shape of AWS Lambda's HTTP API, version 2.0.</summary>
public sealed record FunctionRequest(
    string RawPath, string? RawQueryString, Dictionary<string, string> Headers, FunctionRequestContext RequestContext, string? Body, bool IsBase64Encoded)
{
    #region request
    // The bytes as they were sent: a body that the host has decoded to text and encoded anew may verify no more.
    public WebhookRequest ToWebhookRequest() => new(
        RequestContext.Http.Method,
        $"https://{RequestContext.DomainName}{RawPath}{(string.IsNullOrEmpty(RawQueryString) ? "" : $"?{RawQueryString}")}",
        WebhookHeaders.Create(Headers),
        IsBase64Encoded ? Convert.FromBase64String(Body ?? "") : Encoding.UTF8.GetBytes(Body ?? ""));
    #endregion
}

public sealed record FunctionRequestContext(string DomainName, FunctionHttp Http);

public sealed record FunctionHttp(string Method);

/// <summary>What a function answers.</summary>
public sealed record FunctionResponse(int StatusCode, string Body = "", Dictionary<string, string>? Headers = null)
{
    public static FunctionResponse From(HandshakeResponse response)
    {
        var headers = response.Headers.ToDictionary();
        if (response.ContentType is { } contentType)
        {
            headers["Content-Type"] = contentType;
        }

        return new FunctionResponse(response.StatusCode, Encoding.UTF8.GetString(response.Body.Span), headers);
    }
}
