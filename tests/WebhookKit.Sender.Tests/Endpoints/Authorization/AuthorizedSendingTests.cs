using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.NetworkSafety;
using WebhookKit.Sender.Tests.NetworkSafety;
using WebhookKit.Sender.Tests.Sending;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Endpoints.Authorization;

/// <summary>What endpoints and their authorization servers see, over real HTTP.</summary>
public sealed class AuthorizedSendingTests : IAsyncLifetime
{
    private const string ClientSecret = "the secret/of+the:client";

    private ScriptedReceiver _receiver = null!;
    private ScriptedReceiver _server = null!;

    public async Task InitializeAsync()
    {
        _receiver = await ScriptedReceiver.StartAsync();
        _server = await ScriptedReceiver.StartAsync();
        _server.DefaultAnswer = Token("token-1");
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _server.DisposeAsync();
    }

    public static TheoryData<EndpointAuthorization, string, string> Fixed => new()
    {
        { EndpointAuthorization.Basic("Aladdin", "open sesame"), "Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
        { EndpointAuthorization.Bearer("mF_9.B5f-4.1JqM"), "Authorization", "Bearer mF_9.B5f-4.1JqM" },
        { EndpointAuthorization.ApiKey("X-Api-Key", "a key"), "X-Api-Key", "a key" },
    };

    [Theory]
    [MemberData(nameof(Fixed))]
    public async Task Publish_RegistryEndpoint_IsSentWithItsAuthorization(EndpointAuthorization authorization, string header, string value)
    {
        await using var sender = await StartAsync(authorization);

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Equal(value, Assert.Single(_receiver.Requests).Headers[header]);
    }

    [Theory]
    [MemberData(nameof(Fixed))]
    public async Task Publish_DeclaredEndpoint_IsSentWithItsAuthorization(EndpointAuthorization authorization, string header, string value)
    {
        await using var sender = await SenderHarness.StartAsync(builder => builder.AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
        {
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(Secret.Reveal());
            endpoint.Authorization = authorization;
        }));

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Equal(value, Assert.Single(_receiver.Requests).Headers[header]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_ClientCredentials_GetsOneTokenForManyMessages(bool sendsSecretInBody)
    {
        await using var sender = await StartAsync(NewClient() with
        {
            Scope = "hooks write",
            Audience = "https://api.example/",
            SendsSecretInBody = sendsSecretInBody,
        });

        await PublishAsync(sender, 30);

        Assert.Equal(30, _receiver.Requests.Count);
        Assert.All(_receiver.Requests, request => Assert.Equal("Bearer token-1", request.Headers["Authorization"]));
        var asked = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "application/x-www-form-urlencoded"), (asked.Method, asked.Headers["Content-Type"].ToString()));
        var form = Encoding.ASCII.GetString(asked.Body.Span);
        Assert.StartsWith("grant_type=client_credentials&scope=hooks+write&audience=https%3A%2F%2Fapi.example%2F", form, StringComparison.Ordinal);

        // RFC 6749 section 2.3.1: form-encoded, then Basic.
        var basic = $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"client+1:{WebUtility.UrlEncode(ClientSecret)}"))}";
        Assert.Equal(sendsSecretInBody ? "" : basic, asked.Headers.GetValueOrDefault("Authorization").ToString());
        Assert.Equal(sendsSecretInBody, form.EndsWith($"client_id=client+1&client_secret={WebUtility.UrlEncode(ClientSecret)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_EndpointRefusesTheToken_IsSentOnceMoreWithANewOne()
    {
        _server.Answer(Token("token-1"), Token("token-2"));
        _receiver.Answer(ReceiverAnswer.Status(401));
        await using var sender = await StartAsync(NewClient());

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], _receiver.Requests.Select(request => request.Headers["Authorization"].ToString()));
        Assert.Single(_receiver.Requests.Select(request => request.Headers["webhook-id"].ToString()).Distinct());
        Assert.Single(await sender.AttemptsAsync(delivery));
    }

    [Fact]
    public async Task Publish_EndpointRefusesEveryToken_IsRefusedAfterTheSecond()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(401);
        await using var sender = await StartAsync(NewClient());

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        var attempts = await sender.AttemptsAsync(delivery);
        Assert.All(attempts, attempt => Assert.Equal((AttemptOutcome.Refused, 401), (attempt.Outcome, attempt.StatusCode)));
        Assert.Equal(2 * attempts.Length, _receiver.Requests.Count);
    }

    [Fact]
    public async Task Publish_FixedAuthorizationIsRefused_IsNotSentTwice()
    {
        _receiver.DefaultAnswer = ReceiverAnswer.Status(401);
        await using var sender = await StartAsync(EndpointAuthorization.Bearer("token"));

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        Assert.Equal((await sender.AttemptsAsync(delivery)).Length, _receiver.Requests.Count);
    }

    public static TheoryData<ReceiverAnswer, string> Refusals => new()
    {
        { ReceiverAnswer.Body(Encoding.ASCII.GetBytes($$"""{"error":"invalid_client","error_description":"{{ClientSecret}}"}"""), 401), "401 (invalid_client)" },
        { ReceiverAnswer.Redirect("http://127.0.0.1:9/"), "answered 307" },
        { ReceiverAnswer.EndlessBody(), "no JSON object" },
        { ReceiverAnswer.Reset(), "The connection broke" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Publish_NoTokenCanBeHad_FailsTheAttemptAndSendsNothing(ReceiverAnswer answer, string error)
    {
        _server.DefaultAnswer = answer;
        await using var sender = await StartAsync(NewClient());

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        Assert.All(await sender.AttemptsAsync(delivery), attempt =>
        {
            Assert.Equal(AttemptOutcome.AuthorizationFailed, attempt.Outcome);
            Assert.Contains(error, attempt.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(ClientSecret, attempt.Error, StringComparison.Ordinal);
        });
        Assert.Empty(_receiver.Requests);
        Assert.DoesNotContain(sender.Log.Events, logged => logged.Text.Contains(ClientSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_TokenEndpointHangs_EndsWithTheDeadlineOfTheAttempt()
    {
        _server.DefaultAnswer = ReceiverAnswer.Hang();
        await using var sender = await StartAsync(NewClient(), new EndpointPolicy { AttemptTimeout = TimeSpan.FromSeconds(2), RetrySchedule = Retries() });

        var delivery = await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.DeadLettered);

        var attempt = Assert.Single(await sender.AttemptsAsync(delivery));
        Assert.Equal((AttemptOutcome.DeadlineExceeded, "The token endpoint did not answer within 2 s."), (attempt.Outcome, attempt.Error));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Send_TokenEndpointLeadsToASpecialAddress_IsNotConnectedTo()
    {
        var network = new RecordingNetwork { Answer = _ => ["10.0.0.1"] };
        await using var services = new ServiceCollection().AddLogging()
            .AddSingleton<IHostResolver>(network).AddSingleton<IAddressConnector>(network)
            .AddWebhooks().AddSender(builder => builder.AddEndpoint("test", "https://8.8.8.8/", endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Secrets.Add(Secret.Reveal());
                endpoint.Authorization = NewClient("https://login.example/token");
            })).Services.BuildServiceProvider();

        var result = await services.SendAsync("https://8.8.8.8/");

        Assert.Equal(AttemptOutcome.AuthorizationFailed, result.Attempt.Outcome);
        Assert.DoesNotContain("10.0.0.1", result.Attempt.Error, StringComparison.Ordinal);
        Assert.Equal(1, network.Asked);
        Assert.Empty(network.Connects);
    }

    [Fact]
    public async Task SetAuthorization_AnotherSecret_AsksWithItAtTheNextAttempt()
    {
        await using var sender = await StartAsync(NewClient());
        await PublishAsync(sender, 1);
        var endpoint = Assert.Single((await sender.Registry.ListAsync(new EndpointQuery())).Endpoints);
        _server.DefaultAnswer = Token("token-2");

        Assert.True((await sender.Registry.SetAuthorizationAsync(endpoint.Id, endpoint.Version, NewClient() with { ClientSecret = "another" })).IsDone);
        await PublishAsync(sender, 1);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], _receiver.Requests.Select(request => request.Headers["Authorization"].ToString()));
        Assert.Equal(2, _server.Requests.Count);
    }

    private static ReceiverAnswer Token(string token) =>
        ReceiverAnswer.Body(Encoding.ASCII.GetBytes($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}"""), 200, ("Content-Type", "application/json"));

    private static async Task PublishAsync(SenderHarness sender, int count)
    {
        var messages = new List<MessageId>();
        for (var order = 0; order < count; order++)
        {
            messages.Add(await sender.PublishAsync(order));
        }

        foreach (var message in messages)
        {
            await sender.WaitForAsync(message, DeliveryStatus.Succeeded);
        }
    }

    private ClientCredentialsAuthorization NewClient(string? url = null) =>
        EndpointAuthorization.ClientCredentials(url ?? _server.Url.ToString(), "client 1", ClientSecret);

    private async Task<SenderHarness> StartAsync(EndpointAuthorization authorization, EndpointPolicy? policy = null)
    {
        var sender = await SenderHarness.StartAsync(builder => builder.AddEndpointRegistry());
        var result = await sender.Registry.CreateAsync(new NewEndpoint
        {
            Settings = new EndpointSettings { Url = _receiver.Url.ToString(), EventTypes = ["*"], Policy = policy ?? EndpointPolicy.Default },
            Authorization = authorization,
        });
        Assert.True(result.IsDone, string.Join(' ', result.Errors));
        Assert.Equal(authorization.Kind, result.Endpoint!.Authorization);
        return sender;
    }
}
