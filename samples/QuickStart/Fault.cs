using WebhookKit.Idempotency;
using WebhookKit.Inbox;

namespace QuickStart;

/// <summary>
/// Faults that the tests switch on one at a time (<c>--fault NAME</c>), to show that the story notices each of them.
/// </summary>
public sealed record Fault(string Name)
{
    public static readonly Fault None = new("none");
    public static readonly Fault ForgedAccepted = new("forged-accepted");
    public static readonly Fault DuplicateHandled = new("duplicate-handled");
    public static readonly Fault RollbackSent = new("rollback-sent");
    public static readonly Fault RetryMissing = new("retry-missing");
    public static readonly Fault WrongBytes = new("wrong-bytes");

    private static readonly Fault[] All = [None, ForgedAccepted, DuplicateHandled, RollbackSent, RetryMissing, WrongBytes];

    public static Fault From(string[] args)
    {
        var at = Array.IndexOf(args, "--fault");
        return at < 0 ? None : All.Single(fault => fault.Name == args[at + 1]);
    }
}

public static class FaultExtensions
{
    public static SenderBuilder With(this SenderBuilder sender, Fault fault)
    {
        if (fault == Fault.RetryMissing)
        {
            sender.Configure(options => options.RetrySchedule = new RetrySchedule([]));
        }

        return fault == Fault.WrongBytes ? sender.AddHttpHandler<AppendsNewLine>() : sender;
    }

    /// <summary>Signs whatever comes in with the right secret, so that the receiver believes anybody.</summary>
    public static void With(this WebApplication app, Fault fault, string secret)
    {
        if (fault == Fault.ForgedAccepted)
        {
            app.Use(async (context, next) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                context.Request.Body = new MemoryStream(body.ToArray());
                using var signer = new StandardWebhooksSigner([WebhookSecret.Parse(secret)]);
                var id = context.Request.Headers[StandardWebhooksHeaders.Id].ToString();
                foreach (var (name, value) in await signer.SignAsync(new(id, DateTimeOffset.UtcNow, body.ToArray()), default))
                {
                    context.Request.Headers[name] = value;
                }

                await next(context);
            });
        }
    }

    public static void With(this IServiceCollection services, Fault fault)
    {
        if (fault == Fault.DuplicateHandled)
        {
            services.AddSingleton<IHandlerTransaction, ForgetsClaims>();
        }
    }

    private sealed class ForgetsClaims(IServiceScopeFactory scopes) : IHandlerTransaction
    {
        public async ValueTask<HandlingResult> ExecuteAsync(
            WebhookClaim claim, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            await handler(scope.ServiceProvider, cancellationToken);
            await scope.ServiceProvider.GetRequiredService<WarehouseDb>().SaveChangesAsync(cancellationToken);
            return HandlingResult.Handled;
        }

        public ValueTask<HandlingResult> ExecuteAsync(
            LeasedInboxEntry entry, Func<IServiceProvider, CancellationToken, Task> handler, CancellationToken cancellationToken) =>
            throw new NotSupportedException("The warehouse has no inbox.");
    }

    private sealed class AppendsNewLine : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var bytes = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var changed = new ByteArrayContent([.. bytes, (byte)'\n']);
            changed.Headers.ContentType = request.Content.Headers.ContentType;
            request.Content = changed;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
