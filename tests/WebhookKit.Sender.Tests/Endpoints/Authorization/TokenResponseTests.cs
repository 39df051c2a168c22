using System.Text;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints.Authorization;

namespace WebhookKit.Sender.Tests.Endpoints.Authorization;

public sealed class TokenResponseTests
{
    [Theory]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":3600}""", 3600)]
    [InlineData("""{"access_token":"abc","token_type":"bearer","expires_in":"90"}""", 90)]
    [InlineData("""{"access_token":"abc","token_type":"BEARER"}""", 300)]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":"soon"}""", 300)]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":null}""", 300)]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":-1}""", 0)]
    [InlineData("""{"access_token":"abc","token_type":"Bearer","expires_in":1e300}""", 86_400)]
    public void Read_Token_IsABearerTokenForItsLifetime(string body, int seconds)
    {
        var token = Read(200, body);

        Assert.Equal(("Bearer abc", TimeSpan.FromSeconds(seconds), null), (token.Header, token.Lifetime, token.Error));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "secret")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"","token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"a b","token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"a\r\nX-Injected: 1","token_type":"Bearer"}""")]
    [InlineData(200, """{"access_token":"secret"}""")]
    [InlineData(200, """{"access_token":"secret","token_type":"mac"}""")]
    [InlineData(302, """{"access_token":"secret","token_type":"Bearer"}""")]
    [InlineData(401, """{"error":"the secret was secret"}""")]
    [InlineData(500, "<html>secret</html>")]
    public void Read_AnythingElse_IsAFailureThatRepeatsNothing(int status, string body)
    {
        var token = Read(status, body);

        Assert.Equal((null, AttemptOutcome.AuthorizationFailed), (token.Header, token.Failure));
        Assert.DoesNotContain("was secret", token.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("html", token.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_client")]
    [InlineData("invalid_scope")]
    public void Read_ErrorOfTheSpecification_IsNamed(string code) =>
        Assert.Contains($"400 ({code})", Read(400, $$"""{"error":"{{code}}","error_description":"x"}""").Error, StringComparison.Ordinal);

    private static AccessToken Read(int status, string body) => TokenResponse.Read(status, Encoding.UTF8.GetBytes(body));
}
