using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using WebhookKit.Verification;

namespace MultiTenantSender;

/// <summary>One request that a customer was sent.</summary>
/// <param name="Customer">Who got it.</param>
/// <param name="Id">The id of the message.</param>
/// <param name="Signatures">How many signatures it bore.</param>
/// <param name="IsVerified">Whether it verified with the secret that its receiver knew at the time.</param>
/// <param name="Body">Its body.</param>
public sealed record Arrival(string Customer, string Id, int Signatures, bool IsVerified, string Body)
{
    /// <summary>What its data calls itself.</summary>
    public string Subject
    {
        get
        {
            using var body = JsonDocument.Parse(Body);
            var data = body.RootElement.GetProperty("data");
            return data.TryGetProperty("number", out var number) ? number.GetString()!
                : data.TryGetProperty("address", out var address) ? address.GetString()!
                : body.RootElement.GetProperty("type").GetString()!;
        }
    }
}

/// <summary>The receivers of all tenants, each at a path and with the one secret that it knows.</summary>
public sealed class Customers(WebApplication app) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Arrival> _arrivals = new();
    private readonly ConcurrentDictionary<string, string> _secrets = new();
    private readonly ConcurrentDictionary<string, int> _left = new();

    public IReadOnlyCollection<string> Secrets => [.. _secrets.Values];

    public static async Task<Customers> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var customers = new Customers(app);
        app.MapPost("/{customer}", customers.ReceiveAsync);
        await app.StartAsync();
        return customers;
    }

    public string UrlOf(string customer) => $"{app.Urls.Single()}/{customer}";

    public string NewSecretOf(string customer) => _secrets[customer] = WebhookSecret.Generate().Reveal();

    /// <summary>The customer puts a secret in place of the one it has known.</summary>
    public void TakeOver(string customer, string secret) => _secrets[customer] = secret;

    /// <summary>From now on the customer answers with this status alone.</summary>
    public void Leave(string customer, int status) => _left[customer] = status;

    public int CountOf(string customer) => Of(customer).Count();

    public int Refused(string customer) => Of(customer).Count(arrival => !arrival.IsVerified);

    public string Received(string customer) => string.Join(" ", Of(customer).Select(arrival => arrival.Subject));

    /// <summary>Whether it was sent exactly these, each once.</summary>
    public bool Got(string customer, params string[] subjects) =>
        Of(customer).Select(arrival => arrival.Subject).Order(StringComparer.Ordinal).SequenceEqual(subjects.Order(StringComparer.Ordinal));

    /// <summary>How many requests bore one signature, and how many two.</summary>
    public (int One, int Two) SignaturesAt(string customer) =>
        (Of(customer).Count(arrival => arrival.Signatures == 1), Of(customer).Count(arrival => arrival.Signatures == 2));

    /// <summary>The body of a request that verified and contains the text.</summary>
    public string? Find(string customer, string text) =>
        Of(customer).FirstOrDefault(arrival => arrival.IsVerified && arrival.Body.Contains(text, StringComparison.Ordinal))?.Body;

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // A message may come more than once where an answer gets lost; it is the same message.
    private IEnumerable<Arrival> Of(string customer) =>
        _arrivals.Where(arrival => arrival.Customer == customer).DistinctBy(arrival => (arrival.Id, arrival.IsVerified));

    private async Task<IResult> ReceiveAsync(string customer, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        using var verifier = new StandardWebhooksVerifier([WebhookSecret.Parse(_secrets[customer])], TimeSpan.FromMinutes(5), TimeProvider.System);
        var result = await verifier.VerifyAsync(new WebhookRequest(request.Method, null, WebhookHeaders.Wrap(request.Headers), body.ToArray()));
        _arrivals.Enqueue(new Arrival(
            customer,
            request.Headers["webhook-id"].ToString(),
            request.Headers["webhook-signature"].ToString().Split(' ').Length,
            result.IsVerified,
            Encoding.UTF8.GetString(body.ToArray())));
        return Results.StatusCode(_left.TryGetValue(customer, out var status) ? status : result.IsVerified ? 204 : 401);
    }
}
