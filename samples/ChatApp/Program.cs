using ChatApp;
using ChatApp.ScriptedModel;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

await using var model = await ModelEndpoint.StartAsync(Environment.GetEnvironmentVariable);
Console.WriteLine(model.Description);
var before = Epilogue.BundlesThere();

var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");

// The pipeline that an application has anyway. One line is new: AddRolloutTracing.
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("chat-app"))
    .WithTracing(tracing => tracing
        .AddSource("Experimental.Microsoft.Extensions.AI", "Experimental.Microsoft.Agents.AI")
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddRolloutTracing()
        .AddOtlpExporter());

builder.Services.AddChatClient(model.CreateClient())
    .UseFunctionInvocation()
    .UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = true);
builder.Services.AddSingleton<AIAgent>(services => GardenGuide.Create(services.GetRequiredService<IChatClient>()));
builder.Services.AddSingleton<Conversations>();

await using (var app = builder.Build())
{
    app.MapPost("/chat/{conversation}", async (string conversation, HttpContext context, Conversations conversations) =>
    {
        using var body = new StreamReader(context.Request.Body);
        var message = await body.ReadToEndAsync(context.RequestAborted);
        await foreach (var text in conversations.AnswerAsync(conversation, message, context.RequestAborted))
        {
            await context.Response.WriteAsync(text, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    });

    await app.StartAsync();
    await Visitors.TalkAsync(app.Urls.Single(), Console.Out);
    await app.StopAsync();
}

Epilogue.Write(before, Console.Out);
