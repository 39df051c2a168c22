using WebhookKit.Endpoints.Authorization;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sender.Tests.Endpoints.Authorization;

public sealed class AuthorizationRulesTests
{
    private const string Canary = "cAnArY";

    public static TheoryData<EndpointAuthorization> Usable =>
    [
        EndpointAuthorization.Basic("jörg", "p:ä ss"),
        EndpointAuthorization.Basic("user", ""),
        EndpointAuthorization.Bearer("abc.def_ghi-jkl~+/="),
        EndpointAuthorization.ApiKey("X-Api-Key", "a key"),
        EndpointAuthorization.ApiKey("Authorization", "ApiKey 1234"),
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", "a secret") with { Scope = "a b", Audience = "https://api.example/" },
        EndpointAuthorization.ClientCredentials("https://login.example/token?tenant=1", "client", "secret") with { SendsSecretInBody = true },
    ];

    public static TheoryData<EndpointAuthorization> Unusable =>
    [
        EndpointAuthorization.Basic("", Canary),
        EndpointAuthorization.Basic("us:er", Canary),
        EndpointAuthorization.Basic("user", $"{Canary}\r\nX-Injected: 1"),
        EndpointAuthorization.Basic(new string('u', 257), Canary),
        EndpointAuthorization.Bearer(""),
        EndpointAuthorization.Bearer($"{Canary} {Canary}"),
        EndpointAuthorization.Bearer($"{Canary}\n"),
        EndpointAuthorization.Bearer(new string('t', 8_193)),
        EndpointAuthorization.ApiKey("Host", Canary),
        EndpointAuthorization.ApiKey("webhook-signature", Canary),
        EndpointAuthorization.ApiKey("acme-key", Canary),
        EndpointAuthorization.ApiKey("X Key", Canary),
        EndpointAuthorization.ApiKey("X-Key", $"{Canary}\r\n"),
        EndpointAuthorization.ClientCredentials("http://login.example/token", "client", Canary),
        EndpointAuthorization.ClientCredentials("https://10.0.0.1/token", "client", Canary),
        EndpointAuthorization.ClientCredentials("https://user:pass@login.example/token", "client", Canary),
        EndpointAuthorization.ClientCredentials("https://login.example/token", "", Canary),
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", ""),
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", $"{Canary}ü"),
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", Canary) with { Scope = "" },
        EndpointAuthorization.ClientCredentials("https://login.example/token", "client", Canary) with { Audience = "a\tb" },
    ];

    [Theory]
    [MemberData(nameof(Usable))]
    public void Check_Usable_HasNoErrorAndComesBackFromWhatIsStored(EndpointAuthorization authorization)
    {
        Assert.Empty(Check(authorization));
        Assert.Equal(authorization, AuthorizationJson.Read(AuthorizationJson.Write(authorization)));
        Assert.Equal(authorization.Kind.ToString(), authorization.ToString());
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Check_Unusable_SaysWhatCuresItAndNothingSecret(EndpointAuthorization authorization)
    {
        var error = Assert.Single(Check(authorization));

        Assert.NotEmpty(error);
        Assert.DoesNotContain(Canary, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CustomHeaderOfTheSameName_IsAnError()
    {
        Assert.Single(Check(EndpointAuthorization.Bearer("token"), "X-Other", "authorization"));
        Assert.Single(Check(EndpointAuthorization.ApiKey("X-Key", "key"), "x-key"));
        Assert.Empty(Check(EndpointAuthorization.ApiKey("X-Key", "key"), "Authorization"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"kind":"Kerberos"}""")]
    [InlineData("""{"kind":"Bearer"}""")]
    [InlineData("""{"kind":"Bearer","token":7}""")]
    public void Read_SomethingElse_GivesNull(string text) => Assert.Null(AuthorizationJson.Read(text));

    // RFC 7617 section 2, its own example.
    [Fact]
    public void Of_Basic_IsTheHeaderOfTheSpecification() => Assert.Equal(
        new("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        AuthorizationHeaders.Of(EndpointAuthorization.Basic("Aladdin", "open sesame")));

    private static List<string> Check(EndpointAuthorization authorization, params string[] headerNames)
    {
        var errors = new List<string>();
        AuthorizationRules.Check(authorization, NetworkPolicy.Default, "acme", headerNames, errors);
        return errors;
    }
}
