using Microsoft.AspNetCore.Http;

namespace WebhookKit.Testing;

/// <summary>How a <see cref="ScriptedReceiver"/> answers one request.</summary>
/// <param name="write">Writes the response; the request has been read and recorded.</param>
public sealed class ReceiverAnswer(Func<HttpContext, Task> write)
{
    private static readonly byte[] Block = new byte[16 * 1024];

    /// <summary>Answers with a status and no body.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="headers">Header names and values.</param>
    public static ReceiverAnswer Status(int statusCode, params (string Name, string Value)[] headers) =>
        Body(default, statusCode, headers);

    /// <summary>Answers with a body.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="headers">Header names and values.</param>
    public static ReceiverAnswer Body(ReadOnlyMemory<byte> body, int statusCode = 200, params (string Name, string Value)[] headers) =>
        new(async context =>
        {
            context.Response.StatusCode = statusCode;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers.Append(name, value);
            }

            // The server takes even an empty write amiss where a status has no body, and closes the connection.
            if (!body.IsEmpty)
            {
                await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
            }
        });

    /// <summary>Sends the client elsewhere.</summary>
    public static ReceiverAnswer Redirect(string location, int statusCode = 307) => Status(statusCode, ("Location", location));

    /// <summary>Says nothing for a while, then answers.</summary>
    public static ReceiverAnswer After(TimeSpan delay, ReceiverAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new(async context =>
        {
            await Task.Delay(delay, context.RequestAborted).ConfigureAwait(false);
            await answer.WriteAsync(context).ConfigureAwait(false);
        });
    }

    /// <summary>Answers when a task completes, so that a test decides how long the attempt is in flight.</summary>
    public static ReceiverAnswer When(Task opened, ReceiverAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(answer);
        return new(async context =>
        {
            await opened.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            await answer.WriteAsync(context).ConfigureAwait(false);
        });
    }

    /// <summary>Never says anything.</summary>
    public static ReceiverAnswer Hang() => After(Timeout.InfiniteTimeSpan, Status(200));

    /// <summary>Breaks the connection without an answer.</summary>
    public static ReceiverAnswer Reset() => new(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Answers at once, then sends one byte of body per interval and never ends.</summary>
    public static ReceiverAnswer DrippingBody(TimeSpan interval, int statusCode = 200) =>
        new(context => WriteForeverAsync(context, statusCode, Block.AsMemory(0, 1), interval));

    /// <summary>Answers at once, then sends body as fast as it is taken and never ends.</summary>
    public static ReceiverAnswer EndlessBody(int statusCode = 200) =>
        new(context => WriteForeverAsync(context, statusCode, Block, TimeSpan.Zero));

    internal Task WriteAsync(HttpContext context) => write(context);

    private static async Task WriteForeverAsync(HttpContext context, int statusCode, ReadOnlyMemory<byte> block, TimeSpan interval)
    {
        context.Response.StatusCode = statusCode;
        while (true)
        {
            await context.Response.Body.WriteAsync(block, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await Task.Delay(interval, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
